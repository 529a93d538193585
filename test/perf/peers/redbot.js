// An echo bot of RedBot (node-red-contrib-chatbot) in Node-RED, on its universal connector, in memory.
const http = require('node:http');
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const express = require('express');
const RED = require('node-red');
const { answer } = require('./answer.js');

const flow = [
  { id: 'tab', type: 'tab', label: 'echo' },
  { id: 'bot', type: 'chatbot-universal-node', botname: 'bench', store: '', log: '', debug: false },
  {
    id: 'send-out',
    type: 'chatbot-extend',
    z: 'tab',
    platform: 'universal',
    codeJs: `
      node.chat.in((message) => {
        message.payload.content = message.originalMessage.text;
        message.payload.type = 'message';
        return message;
      });
      node.chat.out((message) => RED.settings.functionGlobalContext.answer(message.payload.chatId, message.payload.content).then(() => message));
    `,
    wires: [],
  },
  { id: 'in', type: 'http in', z: 'tab', url: '/message', method: 'post', wires: [['taken', 'payload']] },
  { id: 'taken', type: 'http response', z: 'tab', statusCode: '200', wires: [] },
  {
    id: 'payload',
    type: 'function',
    z: 'tab',
    func: `const { message } = msg.payload;
      return { chatId: message.chat.id, userId: message.from.id, text: message.text, type: 'message' };`,
    outputs: 1,
    wires: [['receive']],
  },
  {
    id: 'receive',
    type: 'chatbot-universal-receive',
    z: 'tab',
    bot: 'bot',
    botProduction: 'bot',
    wires: [['say']],
  },
  {
    id: 'say',
    type: 'chatbot-message',
    z: 'tab',
    message: [{ message: 'you said {{payload.content}}' }],
    wires: [['send']],
  },
  {
    id: 'send',
    type: 'chatbot-universal-send',
    z: 'tab',
    bot: 'bot',
    botProduction: 'bot',
    track: false,
    wires: [[]],
  },
];

async function main() {
  const app = express();
  const server = http.createServer(app);
  const userDir = mkdtempSync(join(tmpdir(), 'okno-redbot-'));
  RED.init(server, {
    httpAdminRoot: false,
    httpNodeRoot: '/',
    userDir,
    credentialSecret: false,
    // RedBot asks this object for settings of its own.
    functionGlobalContext: { answer, get: () => undefined },
    logging: { console: { level: 'warn', metrics: false, audit: false } },
    storageModule: {
      init: async () => {},
      getFlows: async () => flow,
      saveFlows: async () => {},
      getCredentials: async () => ({}),
      saveCredentials: async () => {},
      getSettings: async () => ({}),
      saveSettings: async () => {},
      getSessions: async () => ({}),
      saveSessions: async () => {},
      getLibraryEntry: async () => [],
      saveLibraryEntry: async () => {},
    },
  });
  app.use('/', RED.httpNode);
  await RED.start();
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
