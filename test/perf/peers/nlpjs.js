// An FAQ bot of nlp.js behind express: it understands a question and answers it.
const express = require('express');
const { dockStart } = require('@nlpjs/basic');
const { answer } = require('./answer.js');

const PHRASES = {
  rate: ['what is the exchange rate', 'how much is a euro', 'dollar rate today', 'currency rates please'],
  branch: ['where is your branch', 'find a branch near me', 'what is your address', 'nearest office'],
  greeting: ['hello', 'hi there', 'good morning', 'good evening'],
  thanks: ['thank you', 'thanks a lot', 'many thanks', 'that helped, thanks'],
};

async function main() {
  const dock = await dockStart({ use: ['Basic'], settings: { nlp: { autoSave: false, log: false } } });
  const nlp = dock.get('nlp');
  nlp.addLanguage('en');
  for (const [intent, phrases] of Object.entries(PHRASES)) {
    for (const phrase of phrases) nlp.addDocument('en', phrase, intent);
    nlp.addAnswer('en', intent, `this is about ${intent}`);
  }
  await nlp.train();
  const app = express();
  app.use(express.json());
  app.post('/message', async (request, response) => {
    const { message } = request.body;
    response.sendStatus(200);
    const understood = await nlp.process('en', message.text);
    await answer(message.chat.id, understood.answer ?? 'I do not know');
  });
  const server = app.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
