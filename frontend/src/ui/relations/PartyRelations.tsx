import { useTranslation } from 'react-i18next'
import { Moments } from './Moments'
import { MoneyByStage } from './MoneyByStage'
import { RelationsByChannel } from './RelationsByChannel'

/** Whom a party helps through which channel, what it gave by stage, and when. */
export function PartyRelations({ party }: { party: number }) {
  const { t } = useTranslation()
  return (
    <>
      <RelationsByChannel
        title={t('relations.of_party')}
        whose={{ helper: party }}
        tell="recipient"
        none={t('relations.of_party_none')}
      />
      <MoneyByStage subject={{ party }} none={t('relations.money_none_party')} />
      <Moments subject={{ party }} />
    </>
  )
}
