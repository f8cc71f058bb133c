import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Providers } from './app/Providers'
import { startSpeaking } from './lib/i18n'
import './ui/base.css'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

void startSpeaking().then(() => {
  createRoot(root).render(
    <StrictMode>
      <Providers />
    </StrictMode>,
  )
})
