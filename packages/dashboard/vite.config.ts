import { defineConfig } from 'vite';

/** The page's own program and style, as `dist/index.js` serves them. */
export default defineConfig({
  root: 'ui',
  // It may be mounted at any path.
  base: './',
  build: {
    outDir: '../dist/assets',
    emptyOutDir: true,
    assetsDir: '',
    // Nothing may stand in the page itself: its policy refuses that.
    assetsInlineLimit: 0,
    modulePreload: false,
    target: 'es2022',
  },
  logLevel: 'warn',
});
