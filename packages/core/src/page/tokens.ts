/** The colours of the page by name, light and dark. Six states have one each; every pair of text and ground has a contrast of at least 4.5 : 1. */
const LIGHT = {
  page: '#f6f6f4', card: '#ffffff', sunk: '#f1f1ee', ink: '#16191d', soft: '#454b54', quiet: '#5c626c', line: '#dcdcd7', strong: '#b9bbb8', bins: '#c9ccd2',
  pass: '#0a6b59', fail: '#b32d0a', inconclusive: '#7c5300', none: '#5c626c', error: '#6b3fa0', remedied: '#1d4fb8', 'needs-you': '#9b1c64', accent: '#1d4fb8',
  'fail-tint': '#fdf1ec', 'error-tint': '#f6f1fc', 'pass-fill': '#cfe6df', 'skip-fill': '#e2e2de', focus: '#1d4fb8',
  'look-1': '#1d4fb8', 'look-2': '#a34a00', 'look-3': '#00695f', 'look-4': '#8a2f95', 'look-5': '#5c626c',
} as const;

type Name = keyof typeof LIGHT;

const DARK: { readonly [N in Name]: string } = {
  page: '#0f1114', card: '#16191f', sunk: '#1c2027', ink: '#eceef1', soft: '#c2c7cf', quiet: '#9ea5b0', line: '#2a2f38', strong: '#474e5a', bins: '#3d444f',
  pass: '#4fcbae', fail: '#ff8d68', inconclusive: '#f0be52', none: '#a7adb8', error: '#c8a8f6', remedied: '#8ab4ff', 'needs-you': '#f59ac8', accent: '#8ab4ff',
  'fail-tint': '#261814', 'error-tint': '#1f1a2a', 'pass-fill': '#1d4a41', 'skip-fill': '#2c313a', focus: '#8ab4ff',
  'look-1': '#8ab4ff', 'look-2': '#ffb066', 'look-3': '#5fd0c0', 'look-4': '#dba0ea', 'look-5': '#a7adb8',
};

/** The tokens as CSS custom properties: light, dark where the reader wants it, and light again on paper. */
export const TOKENS = `:root{color-scheme:light dark;${declare(LIGHT)}}
@media (prefers-color-scheme:dark){:root{${declare(DARK)}}}
@media print{:root{color-scheme:light;${declare(LIGHT)}}}
`;

function declare(colours: { readonly [N in Name]: string }): string {
  return Object.entries(colours).map(([name, value]) => `--${name}:${value}`).join(';');
}
