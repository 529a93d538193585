import { build, defineConfig, type Plugin } from 'vite';

/** Old phones are common among a bank's clients. */
const TARGET = ['chrome87', 'firefox78', 'safari14'];
const OUT_DIR = '../../../../dist/web/widget';

/**
 * Builds the web chat into dist/web/widget: `widget.js`, which a bank's page embeds, and `frame.html` with its assets,
 * which the hub serves under /widget/. One command builds both: `vite build -c THIS_FILE [--outDir DIR]`.
 */
export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that a hub behind a path of its own works too.
  base: './',
  plugins: [loaderBeside()],
  build: {
    outDir: OUT_DIR,
    emptyOutDir: true,
    target: TARGET,
    // No inlined assets: the frame runs under a policy that allows its own origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: `${import.meta.dirname}/frame.html` },
  },
});

/** The loader runs in the bank's page as a classic script, so it is built apart, with no name of its own outside. */
function loaderBeside(): Plugin {
  let outDir = OUT_DIR;
  return {
    name: 'loader-beside',
    apply: 'build',
    configResolved(config) {
      outDir = config.build.outDir;
    },
    async closeBundle() {
      await build({
        configFile: false,
        root: import.meta.dirname,
        logLevel: 'warn',
        build: {
          outDir,
          emptyOutDir: false,
          target: TARGET,
          lib: {
            entry: `${import.meta.dirname}/loader.ts`,
            formats: ['iife'],
            name: 'oknoLoader',
            fileName: () => 'widget.js',
          },
        },
      });
    },
  };
}
