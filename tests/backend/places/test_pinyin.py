"""Places are found by the name they are called, which a general dictionary often misses."""

from __future__ import annotations

import csv

import pytest
from pypinyin import lazy_pinyin

from backend.places.pinyin import _TABLE, spell, syllables

CALLED = """
长顺县 changshunxian | 单县 shanxian | 长子县 zhangzixian | 子长市 zichangshi | 乐亭县 laotingxian | 乐陵市 laolingshi
乐清市 yueqingshi | 乐山市 leshanshi | 民乐县 minlexian | 南乐县 nanlexian | 乐都区 leduqu | 将乐县 jianglexian
六安市 luanshi | 六合区 luhequ | 六盘水市 liupanshuishi | 六枝特区 liuzhitequ | 大城县 daichengxian | 大埔县 dabuxian
黄埔区 huangpuqu | 番禺区 panyuqu | 吐鲁番市 tulufanshi | 蔚县 yuxian | 尉犁县 yulixian | 尉氏县 weishixian
洪洞县 hongtongxian | 洞口县 dongkouxian | 繁峙县 fanshixian | 泊头市 botoushi | 浚县 xunxian | 涡阳县 guoyangxian
枞阳县 zongyangxian | 歙县 shexian | 黟县 yixian | 蚌埠市 bengbushi | 亳州市 bozhoushi | 砀山县 dangshanxian
铅山县 yanshanxian | 婺源县 wuyuanxian | 鄱阳县 poyangxian | 东阿县 dongexian | 莘县 shenxian | 莒南县 junanxian
临朐县 linquxian | 鄄城县 juanchengxian | 郓城县 yunchengxian | 茌平区 chipingqu | 泌阳县 biyangxian
荥阳市 xingyangshi | 荥经县 yingjingxian | 漯河市 luoheshi | 召陵区 shaolingqu | 南召县 nanzhaoxian
中牟县 zhongmuxian | 牟平区 mupingqu | 牟定县 moudingxian | 渑池县 mianchixian | 睢县 suixian | 黄陂区 huangpiqu
秭归县 ziguixian | 监利市 jianlishi | 郧西县 yunxixian | 曾都区 zengduqu | 耒阳市 leiyangshi | 郴州市 chenzhoushi
溆浦县 xupuxian | 龙圩区 longxuqu | 覃塘区 qintangqu | 儋州市 danzhoushi | 綦江区 qijiangqu | 北碚区 beibeiqu
犍为县 qianweixian | 井研县 jingyanxian | 什邡市 shifangshi | 邛崃市 qionglaishi | 阆中市 langzhongshi
郫都区 piduqu | 筠连县 junlianxian | 珙县 gongxian | 丹棱县 danlengxian | 都匀市 duyunshi
三都水族自治县 sandushuizuzizhixian
瓮安县 wenganxian | 勐海县 menghaixian | 绿春县 lvchunxian | 漾濞彝族自治县 yangbiyizuzizhixian | 宕昌县 tanchangxian
舟曲县 zhouquxian | 碌曲县 luquxian | 两当县 liangdangxian | 鄠邑区 huyiqu | 吴堡县 wubuxian | 柞水县 zhashuixian
红寺堡区 hongsibuqu | 尖扎县 jianzhaxian | 称多县 chenduoxian | 八宿县 basuxian | 墨竹工卡县 mozhugongkaxian
浪卡子县 langkazixian | 噶尔县 gaerxian | 库尔勒市 kuerleshi | 疏勒县 shulexian | 莎车县 shachexian | 伽师县 jiashixian
喀什地区 kashidiqu | 乌什县 wushixian | 且末县 qiemoxian | 珲春市 hunchunshi | 穆棱市 mulingshi | 绥棱县 suilingxian
朝阳市 chaoyangshi | 宝坻区 baodiqu | 闵行区 minhangqu | 行唐县 xingtangxian | 任丘市 renqiushi | 井陉县 jingxingxian
盱眙县 xuyixian | 句容市 jurongshi | 睢宁县 suiningxian | 邗江区 hanjiangqu | 厦门市 xiamenshi | 马尾区 maweiqu
重庆市 chongqingshi | 西藏自治区 xizangzizhiqu | 佛冈县 fogangxian | 万柏林区 wanbailinqu | 吕梁市 lvliangshi
"""
PAIRS = [tuple(pair.split()) for line in CALLED.strip().splitlines() for pair in line.split(" | ")]


@pytest.mark.parametrize(("name", "pinyin"), PAIRS)
def test_place_is_spelt_as_it_is_called(name: str, pinyin: str) -> None:
    assert spell(name)[0] == pinyin


def test_initials_are_the_first_letter_of_each_syllable() -> None:
    assert spell("长顺县") == ("changshunxian", "csx")


def test_every_whole_name_of_the_table_is_needed() -> None:
    """An entry that the dictionary gets right by itself is noise, unless it protects against a single character."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["syllables"].split(" ")) for row in csv.DictReader(file)]
    singles = {text for text, _ in rows if len(text) == 1}
    needless = [text for text, spelt in rows if lazy_pinyin(text) == spelt and not singles & set(text)]
    assert needless == []
    assert all(len(text) == len(spelt) for text, spelt in rows)


def test_a_longer_name_wins_over_a_shorter_one() -> None:
    assert syllables("长子县") == ["zhang", "zi", "xian"]
    assert syllables("长武县") == ["chang", "wu", "xian"]
