"""A SagaFlow worker in Python. Everything it knows stands in src/SagaFlow.Contracts/wire/README.md.

    AMQP_URL=amqp://user:password@host/vhost python3 worker.py [TASK_QUEUE] [PREFIX]

HAND_ON names a queue: then the token goes there, for somebody else to answer (completer.py). WORK_SECONDS is how long the work takes.
"""
import json
import os
import sys
import uuid

import pika

TASK_QUEUE = sys.argv[1] if len(sys.argv) > 1 else "ship"
PREFIX = sys.argv[2] if len(sys.argv) > 2 else "sagaflow"
QUEUE = f"{PREFIX}.tasks.{TASK_QUEUE}"
PENDING = object()  # somebody else answers later


def say(line):
    print(json.dumps(line), flush=True)


class Worker:
    def __init__(self, url):
        self.connection = pika.BlockingConnection(pika.URLParameters(url))
        self.channel = self.connection.channel()
        self.channel.confirm_delivery()  # basic_publish then returns once the broker has the message
        self.replies = self.channel.queue_declare("", exclusive=True).method.queue
        self.asked = {}
        self.channel.basic_consume(self.replies, self.hear, auto_ack=True)

    def run(self):
        # As the engine declares it: whichever of the two comes first.
        self.channel.exchange_declare(QUEUE, "fanout", durable=True)
        self.channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
        self.channel.queue_bind(QUEUE, QUEUE)
        self.channel.basic_qos(prefetch_count=1)
        self.consume()
        say({"ready": QUEUE})
        self.channel.start_consuming()

    def consume(self):
        self.consumer = self.channel.basic_consume(QUEUE, self.take)

    def take(self, channel, method, properties, body):
        request = json.loads(body)
        seconds = float(os.environ.get("WORK_SECONDS", "0"))
        is_long = seconds > 0.25
        if is_long:
            self.answer(request, {"kind": "started"})
            channel.basic_cancel(self.consumer)  # one at a time: the next request is for a worker that is free
            channel.basic_ack(method.delivery_tag)  # from here on the workflow's timeouts watch the work, not the broker
        answer = self.work(request, seconds)
        if answer:
            self.answer(request, answer)
        if is_long:
            self.consume()
        else:
            channel.basic_ack(method.delivery_tag)  # only now: the answer is confirmed

    # Gives the answer, or None when somebody else gives it. It may run more than once for an attempt: workflowId with activityId is
    # the key that makes a repeat harmless.
    def work(self, request, seconds):
        if request["activity"] != "Ship":
            return failure("UnknownActivity", f"{request['activity']!r} is not 'Ship'", retryable=False)
        try:
            result = self.ship(request, seconds)
        except Exception as error:  # whatever it is, the attempt is over
            return failure(type(error).__name__, str(error), retryable=True)
        return None if result is PENDING else {"kind": "completed", "result": result}

    def ship(self, request, seconds):
        beat = request.get("heartbeatTimeoutMs", 3_000_000) / 3_000
        for sequence in range(1, int(seconds / beat) + 1):
            self.connection.sleep(beat)  # not time.sleep: the connection must be served meanwhile
            self.answer(request, {"kind": "heartbeat", "sequence": sequence})
        self.connection.sleep(seconds % beat)
        if hand_on := os.environ.get("HAND_ON"):
            self.channel.queue_declare(hand_on, durable=True)
            self.publish("", hand_on, {key: request[key] for key in ("taskToken", "answerTo", "arguments")})
            return PENDING
        return {"parcelId": f"parcel of {request['arguments']['number']} by python"}

    def answer(self, request, answer):
        to = request["answerTo"]
        correlation_id = str(uuid.uuid4())
        self.asked[correlation_id] = {"kind": answer["kind"], "workflowId": request["workflowId"], "activityId": request["activityId"]}
        self.publish(to["exchange"], to["routingKey"], {**answer, "taskToken": request["taskToken"]},
                     reply_to=self.replies, correlation_id=correlation_id)

    def publish(self, exchange, routing_key, message, **properties):
        properties = pika.BasicProperties(content_type="application/json", delivery_mode=2, **properties)
        self.channel.basic_publish(exchange, routing_key, json.dumps(message).encode(), properties, mandatory=True)

    # The receipt says what became of an answer; nothing is sent again because of it.
    def hear(self, channel, method, properties, body):
        say({**self.asked.pop(properties.correlation_id, {}), **json.loads(body)})


def failure(name, message, retryable):
    return {"kind": "failed", "failure": {"type": name, "message": message, "retryable": retryable}}


if __name__ == "__main__":
    # When the connection breaks this ends with an error: whoever watches the process starts it again, and the request comes again.
    Worker(os.environ.get("AMQP_URL", "amqp://localhost")).run()
