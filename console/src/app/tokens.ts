/** The console's look, in one place; light and dark derive from it. */
export const TOKENS = {
  colorPrimary: "#1668dc",
  colorLink: "#1668dc",
  borderRadius: 6,
  fontFamily:
    "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
} as const;

/** Words beside the main thing and words in colours, dark enough to be read by everybody (4.5 to 1 on every ground). */
export const LEGIBLE_WORDS = {
  light: {
    colorTextDescription: "rgba(0, 0, 0, 0.65)",
    colorTextTertiary: "rgba(0, 0, 0, 0.65)",
    colorTextPlaceholder: "rgba(0, 0, 0, 0.6)",
    colorSuccess: "#2a7d0c",
    colorWarning: "#9a5b00",
    colorError: "#cf1322",
    // The grounds would derive from the dark words and be muddy.
    colorSuccessBg: "#f6ffed",
    colorSuccessBorder: "#b7eb8f",
    colorWarningBg: "#fffbe6",
    colorWarningBorder: "#ffe58f",
    colorErrorBg: "#fff2f0",
    colorErrorBorder: "#ffccc7",
  },
  dark: {
    colorTextDescription: "rgba(255, 255, 255, 0.7)",
    colorTextTertiary: "rgba(255, 255, 255, 0.7)",
    colorTextPlaceholder: "rgba(255, 255, 255, 0.6)",
    colorLink: "#69b1ff",
  },
} as const;

const CHOSEN = { itemSelectedColor: "#69b1ff", itemHoverColor: "#91caff" } as const;

/** A menu of thirty pages: close together. */
const MENU = { itemHeight: 34, itemMarginBlock: 2 } as const;

/** Parts of their own look; in the dark what is chosen, where the primary colour itself could not be read. */
export const PARTS = {
  light: { Menu: MENU },
  dark: {
    Menu: { ...MENU, itemSelectedColor: CHOSEN.itemSelectedColor },
    Tabs: { ...CHOSEN, inkBarColor: CHOSEN.itemSelectedColor },
  },
} as const;
