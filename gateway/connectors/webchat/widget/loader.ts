import { startWidget } from './loader/widget.ts';

const script = document.currentScript;
if (script instanceof HTMLScriptElement) startWidget(script);
