// Publishes each line of the input, {exchange, routingKey, body}, and ends when the broker has them all.
'use strict';
const amqp = require('amqplib');
const { readFileSync } = require('node:fs');

async function main() {
  const connection = await amqp.connect(process.env.AMQP_URL);
  const channel = await connection.createConfirmChannel();
  for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
    const { exchange, routingKey, body } = JSON.parse(line);
    channel.publish(exchange, routingKey, Buffer.from(body), { contentType: 'application/json', persistent: true });
  }
  await channel.waitForConfirms();
  await connection.close();
}

main();
