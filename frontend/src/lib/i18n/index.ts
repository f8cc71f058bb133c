import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import type { Language } from '../format'
import { preferences, subscribePreferences } from '../preferences'
import { zh } from './zh'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof zh }
  }
}

/** Chinese comes with the application; English is fetched when somebody asks for it. */
async function speak(language: Language): Promise<void> {
  if (language === 'en' && !i18next.hasResourceBundle('en', 'translation')) {
    const { en } = await import('./en')
    i18next.addResourceBundle('en', 'translation', en)
  }
  document.documentElement.lang = language
  await i18next.changeLanguage(language)
}

export async function startSpeaking(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'zh-Hans',
    fallbackLng: 'zh-Hans',
    resources: { 'zh-Hans': { translation: zh } },
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  })
  subscribePreferences(() => {
    if (i18next.language !== preferences().language) void speak(preferences().language)
  })
  await speak(preferences().language)
}

export function useLanguage(): Language {
  return useTranslation().i18n.language === 'en' ? 'en' : 'zh-Hans'
}
