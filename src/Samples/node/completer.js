// Completes activities whose tokens it is handed, long after the worker has left. See src/SagaFlow.Contracts/wire/README.md.
//   AMQP_URL=amqp://user:password@host/vhost node completer.js QUEUE
// Each message on QUEUE is {"taskToken": …, "answerTo": {"exchange": …, "routingKey": …}, "arguments": …}.
'use strict';
const amqp = require('amqplib');

const queue = process.argv[2] ?? 'parcels';
const say = (line) => console.log(JSON.stringify(line));

// What to do about each receipt. Sending the same again never hurts, and helps only where nobody knows what became of it.
const settled = ['applied', 'duplicate', 'ignored', 'kept'];
const tooLate = ['duplicate_conflict', 'stale_attempt', 'timed_out', 'canceled', 'activity_closed', 'workflow_closed'];

async function main() {
  const connection = await amqp.connect(process.env.AMQP_URL ?? 'amqp://localhost');
  connection.on('close', () => process.exit(1));
  const channel = await connection.createConfirmChannel();
  const replyTo = (await channel.assertQueue('', { exclusive: true })).queue;
  const waiting = new Map();

  // A message of one's own queue is acknowledged when the receipt is there: only then is it known to be committed.
  await channel.consume(replyTo, (message) => {
    const { correlationId } = message.properties;
    const { disposition, detail } = JSON.parse(message.content);
    const verdict = settled.includes(disposition) ? 'done' : tooLate.includes(disposition) ? 'too late' : 'a mistake of ours';
    say({ correlationId, disposition, detail, verdict });
    if (waiting.has(correlationId)) channel.ack(waiting.get(correlationId));
    waiting.delete(correlationId);
  }, { noAck: true });

  await channel.assertQueue(queue, { durable: true });
  await channel.prefetch(50);
  await channel.consume(queue, (delivery) => {
    const { taskToken, answerTo, arguments: parcel } = JSON.parse(delivery.content);
    const correlationId = String(delivery.fields.deliveryTag);
    waiting.set(correlationId, delivery);
    const answer = { kind: 'completed', taskToken, result: { parcelId: `parcel of ${parcel.number} by node` } };
    channel.publish(answerTo.exchange, answerTo.routingKey, Buffer.from(JSON.stringify(answer)),
      { contentType: 'application/json', persistent: true, replyTo, correlationId });
  });
  say({ ready: queue });
}

main();
