import { keepModels } from './built-model.ts';
import { shippedModel } from './shipped.ts';
import { shippedSignals } from './signals.ts';

/** Run by the build: the models that ship are trained once, and not at every first start. */
shippedModel();
shippedSignals();
keepModels();
