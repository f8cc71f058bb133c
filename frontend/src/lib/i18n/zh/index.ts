import { agreements } from './agreements'
import { commitments } from './commitments'
import { common } from './common'
import { compare } from './compare'
import { inbox, workbench } from './desk'
import { exchange } from './exchange'
import { needs } from './needs'
import { pairings } from './pairings'
import { parties } from './parties'
import { places } from './places'
import { programmes } from './programmes'
import { projects } from './projects'
import { relations } from './relations'
import { reasons, review } from './review'
import { runs } from './runs'
import { shell } from './shell'
import { villages } from './villages'

export const zh = {
  common,
  shell,
  places,
  programmes,
  runs,
  compare,
  reasons,
  review,
  pairings,
  relations,
  agreements,
  parties,
  needs,
  projects,
  commitments,
  exchange,
  villages,
  inbox,
  workbench,
}
