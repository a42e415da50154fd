// A SagaFlow worker in Node. Everything it knows stands in src/SagaFlow.Contracts/wire/README.md.
//   AMQP_URL=amqp://user:password@host/vhost node worker.js [TASK_QUEUE] [PREFIX]
// HAND_ON names a queue: then the token goes there, for somebody else to answer (completer.js). WORK_MS is how long the work takes.
'use strict';
const amqp = require('amqplib');
const { randomUUID } = require('node:crypto');
const { setTimeout: sleep } = require('node:timers/promises');

const [taskQueue = 'ship', prefix = 'sagaflow'] = process.argv.slice(2);
const queue = `${prefix}.tasks.${taskQueue}`;
const pending = Symbol('somebody else answers later');
const say = (line) => console.log(JSON.stringify(line));

// The activities by name. Each may run more than once: workflowId with activityId is the key that makes a repeat harmless.
const activities = {
  async Ship(request, service) {
    await sleep(Number(process.env.WORK_MS ?? 0));
    if (process.env.HAND_ON) {
      await service.handOn(process.env.HAND_ON, { taskToken: request.taskToken, answerTo: request.answerTo, arguments: request.arguments });
      return pending;
    }
    return { parcelId: `parcel of ${request.arguments.number} by node` };
  },
};

async function main() {
  const connection = await amqp.connect(process.env.AMQP_URL ?? 'amqp://localhost');
  connection.on('close', () => process.exit(1)); // whoever watches this process starts it again; unacknowledged requests come again
  const channel = await connection.createConfirmChannel();
  const receipts = new Map();
  const replyTo = (await channel.assertQueue('', { exclusive: true })).queue;
  await channel.consume(replyTo, (m) => receipts.get(m.properties.correlationId)?.(JSON.parse(m.content)), { noAck: true });

  const service = {
    // Publishes and waits until the broker has it. The receipt, which comes later, says what became of it; nothing is sent again.
    async answer(request, answer) {
      const correlationId = randomUUID();
      receipts.set(correlationId, (receipt) => {
        receipts.delete(correlationId);
        say({ kind: answer.kind, workflowId: request.workflowId, activityId: request.activityId, ...receipt });
      });
      const body = Buffer.from(JSON.stringify({ ...answer, taskToken: request.taskToken }));
      channel.publish(request.answerTo.exchange, request.answerTo.routingKey, body,
        { contentType: 'application/json', persistent: true, replyTo, correlationId });
      await channel.waitForConfirms();
    },
    async handOn(to, message) {
      await channel.assertQueue(to, { durable: true });
      channel.sendToQueue(to, Buffer.from(JSON.stringify(message)), { contentType: 'application/json', persistent: true });
      await channel.waitForConfirms();
    },
  };

  async function take(delivery) {
    const request = JSON.parse(delivery.content);
    const work = run(request, service);
    // A short activity costs one message: its request is acknowledged once the answer is confirmed.
    const isLong = await Promise.race([work, sleep(250)]) === undefined;
    if (isLong) {
      await service.answer(request, { kind: 'started', runningForMs: 250 });
      channel.ack(delivery); // from here on the workflow's timeouts watch the work, not the broker
      await beatUntilDone(request, work);
    }
    const answer = await work;
    if (answer) await service.answer(request, answer);
    if (!isLong) channel.ack(delivery);
  }

  async function beatUntilDone(request, work) {
    const pause = (request.heartbeatTimeoutMs ?? Infinity) / 3;
    for (let sequence = 1; pause < Infinity && await Promise.race([work, sleep(pause)]) === undefined; sequence++) {
      await service.answer(request, { kind: 'heartbeat', sequence });
    }
  }

  // As the engine declares it: whichever of the two comes first.
  await channel.assertExchange(queue, 'fanout', { durable: true });
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.bindQueue(queue, queue, '');
  await channel.prefetch(20);
  await channel.consume(queue, (delivery) => take(delivery).catch((error) => { console.error(error); process.exit(1); }));
  say({ ready: queue });
}

// The answer, or null when somebody else gives it.
async function run(request, service) {
  const handler = activities[request.activity];
  const fail = (type, message, retryable) => ({ kind: 'failed', failure: { type, message, retryable } });
  if (!handler) return fail('UnknownActivity', `'${request.activity}' is none of ${Object.keys(activities)}`, false);
  try {
    const result = await handler(request, service);
    return result === pending ? null : { kind: 'completed', result: result ?? null };
  } catch (error) {
    return fail(error.name, error.message, true);
  }
}

main();
