import '../../../web/tokens.css';
import './frame.css';
import { startFrame } from './frame/start.ts';

startFrame();
