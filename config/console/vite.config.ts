import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the staff's web application into dist/web/window; the hub serves it under /window/. */
export default defineConfig(({ command }) => {
  // Under a test runner the variable is `test`, and React would come in its slow form for developers.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    root: import.meta.dirname,
    base: '/window/',
    plugins: [react()],
    build: {
      outDir: '../../dist/web/window',
      emptyOutDir: true,
      // No inlined assets: the pages run under a policy that allows our own origin only.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: 'es2022',
      chunkSizeWarningLimit: 900,
    },
  };
});
