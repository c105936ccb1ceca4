/** The console's look, in one place; light and dark derive from it. */
export const TOKENS = {
  colorPrimary: "#1668dc",
  colorLink: "#1668dc",
  // The greens of tags and figures, dark enough for small words.
  colorSuccess: "#2a7d0c",
  green: "#2a8a0c",
  borderRadius: 6,
  fontFamily:
    "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
} as const;

/** Words beside the main thing, dark enough to be read by everybody (4.5 to 1 on every ground). */
export const QUIET_WORDS = {
  light: {
    colorTextDescription: "rgba(0, 0, 0, 0.65)",
    colorTextTertiary: "rgba(0, 0, 0, 0.65)",
    colorTextPlaceholder: "rgba(0, 0, 0, 0.6)",
  },
  dark: {
    colorTextDescription: "rgba(255, 255, 255, 0.7)",
    colorTextTertiary: "rgba(255, 255, 255, 0.7)",
    colorTextPlaceholder: "rgba(255, 255, 255, 0.6)",
  },
} as const;
