import { type ThemeConfig, theme } from 'antd'
import { FONT, type Mode, TOKENS } from './tokens'

/** antd drawn in the house's colours. */
export function antdTheme(mode: Mode): ThemeConfig {
  const c = TOKENS[mode]
  return {
    algorithm: mode === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      fontFamily: FONT,
      fontSize: 14,
      borderRadius: 6,
      controlHeight: 34,
      controlHeightLG: 44,
      wireframe: false,
      colorPrimary: c.primary,
      colorPrimaryHover: c.primaryHover,
      colorPrimaryActive: c.primaryHover,
      colorLink: c.primary,
      colorLinkHover: c.primaryHover,
      colorSuccess: c.ok,
      colorWarning: c.warn,
      colorError: c.danger,
      colorInfo: c.primary,
      colorText: c.ink,
      colorTextSecondary: c.ink2,
      colorTextTertiary: c.ink3,
      colorTextDescription: c.ink2,
      colorTextPlaceholder: c.ink3,
      colorTextDisabled: c.ink3,
      colorBgLayout: c.bg,
      colorBgContainer: c.surface,
      colorBgElevated: c.surface,
      colorBorder: c.lineStrong,
      colorBorderSecondary: c.line,
      colorTextLightSolid: c.onPrimary,
    },
    components: {
      Button: { primaryColor: c.onPrimary, primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
      Tooltip: { colorBgSpotlight: mode === 'dark' ? c.sunken : c.ink, colorTextLightSolid: '#ffffff' },
      Slider: {
        railBg: c.line,
        railHoverBg: c.line,
        trackBg: c.primary,
        trackHoverBg: c.primaryHover,
        handleColor: c.primary,
      },
    },
  }
}
