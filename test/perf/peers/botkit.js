// An echo bot as Botkit's documentation has it, on an adapter of its own: nothing is stored but in memory.
const { Botkit } = require('botkit');
const { BotAdapter, TurnContext, ActivityTypes } = require('botbuilder');
const { answer } = require('./answer.js');

class Adapter extends BotAdapter {
  async processActivity(request, response, logic) {
    const { message } = request.body;
    response.status(200);
    response.end();
    const context = new TurnContext(this, {
      type: ActivityTypes.Message,
      id: String(message.message_id),
      channelId: 'bench',
      conversation: { id: String(message.chat.id) },
      from: { id: String(message.from.id) },
      recipient: { id: 'bot' },
      text: message.text,
    });
    await this.runMiddleware(context, logic);
  }
  async sendActivities(_context, activities) {
    for (const activity of activities) await answer(Number(activity.conversation.id), activity.text);
    return activities.map(() => ({ id: '1' }));
  }
  async continueConversation() {}
  async updateActivity() {}
  async deleteActivity() {}
}

const port = Number(process.env.PORT);
process.env.PORT = String(port);
const controller = new Botkit({ webhook_uri: '/message', adapter: new Adapter() });
controller.on('message', async (bot, message) => {
  await bot.reply(message, `you said ${message.text}`);
});
controller.ready(() => console.log(`http://127.0.0.1:${port}`));
