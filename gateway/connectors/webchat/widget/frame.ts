import '../../../web/tokens.css';
import './frame/composer.css';
import './frame/log.css';
import './frame/message.css';
import './frame/move-question.css';
import './frame/offers.css';
// Behind its parts: it hides what is hidden, whatever shows it.
import './frame.css';
import { startFrame } from './frame/start.ts';

startFrame();
