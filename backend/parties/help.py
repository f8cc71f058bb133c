"""What help is about and how it is given: the code lists of needs, capabilities and commitments (DOMAIN §3, §8)."""

from __future__ import annotations

from django.db import models


class HelpCategory(models.TextChoices):
    INDUSTRY = "INDUSTRY", "产业"
    EMPLOYMENT = "EMPLOYMENT", "就业"
    SKILLS = "SKILLS", "技能培训"
    EDUCATION = "EDUCATION", "教育"
    HEALTH = "HEALTH", "健康"
    HOUSING = "HOUSING", "危房改造"
    WATER = "WATER", "饮水安全"
    TRANSPORT = "TRANSPORT", "交通"
    POWER_NETWORK = "POWER_NETWORK", "电力/网络"
    RELOCATION = "RELOCATION", "易地搬迁"
    ECOLOGY = "ECOLOGY", "生态补偿/公益岗位"
    FINANCE = "FINANCE", "金融"
    CONSUMPTION = "CONSUMPTION", "消费/销售"
    TALENT = "TALENT", "党建/人才"
    SAFETY_NET = "SAFETY_NET", "兜底保障"


class HelpMode(models.TextChoices):
    PRODUCTION_REWARD = "PRODUCTION_REWARD", "生产奖补"
    LABOUR_SUBSIDY = "LABOUR_SUBSIDY", "劳务补助"
    WORK_FOR_RELIEF = "WORK_FOR_RELIEF", "以工代赈"
    TRAINING = "TRAINING", "培训"
    PUBLIC_POST = "PUBLIC_POST", "公益岗位"
    PURCHASE = "PURCHASE", "采购"
    INVESTMENT = "INVESTMENT", "投资"
    DIRECT = "DIRECT", "直接给付"
