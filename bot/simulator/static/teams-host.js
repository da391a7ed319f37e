// How Teams dresses cards: its sizes, spaces and colours, by day and by night.

const colour = (base, subtle = base) => ({ default: base, subtle, highlightColors: { default: "#ffeb99", subtle: "#ffeb99" } });

const LIGHT = {
  text: { default: colour("#242424", "#5c5c5c"), dark: colour("#242424", "#5c5c5c"), light: colour("#ffffff", "#e0e0e0"), accent: colour("#4f52b2"), good: colour("#0b6a0b"), warning: colour("#7a4f00"), attention: colour("#b10e1c") },
  grounds: { default: "#ffffff", emphasis: "#f3f3f5", accent: "#eef0fb", good: "#eaf5ea", warning: "#fdf3e1", attention: "#fdeeee" },
  line: "#d6d6dc",
};
const DARK = {
  text: { default: colour("#ffffff", "#c7c7cc"), dark: colour("#ffffff", "#c7c7cc"), light: colour("#ffffff", "#e0e0e0"), accent: colour("#b4b8ff"), good: colour("#92d692"), warning: colour("#ffcf70"), attention: colour("#ff9ca4") },
  grounds: { default: "#292929", emphasis: "#383838", accent: "#32344f", good: "#16361a", warning: "#443208", attention: "#4a1a20" },
  line: "#5c5c62",
};

/** Return the renderer's host configuration. */
export function look(dark) {
  const { text, grounds, line } = dark ? DARK : LIGHT;
  const styles = Object.fromEntries(Object.entries(grounds).map(([name, backgroundColor]) => [name, { backgroundColor, borderColor: line, foregroundColors: text }]));
  return {
    supportsInteractivity: true,
    fontFamily: '"Segoe UI", "Noto Sans JP", "Noto Sans CJK JP", "Hiragino Sans", Meiryo, system-ui, sans-serif',
    fontSizes: { small: 12, default: 14, medium: 15, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 300, default: 400, bolder: 600 },
    spacing: { small: 6, default: 10, medium: 14, large: 20, extraLarge: 26, padding: 16 },
    separator: { lineThickness: 1, lineColor: line },
    imageSizes: { small: 32, medium: 52, large: 100 },
    containerStyles: styles,
    adaptiveCard: { allowCustomStyle: false },
    textBlock: { headingLevel: 4 },
    factSet: { title: { color: "default", weight: "bolder", wrap: true, maxWidth: 130 }, value: { color: "default", wrap: true }, spacing: 12 },
    inputs: { label: { inputSpacing: "small", requiredInputs: { weight: "bolder" }, optionalInputs: { weight: "bolder" } }, errorMessage: { spacing: "small", weight: "bolder" } },
    actions: { maxActions: 6, spacing: "default", buttonSpacing: 8, showCard: { actionMode: "inline", inlineTopMargin: 12, style: "emphasis" }, actionsOrientation: "horizontal", actionAlignment: "left" },
  };
}
