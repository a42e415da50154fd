"""Completes activities whose tokens it is handed, long after the worker has left. See src/SagaFlow.Contracts/wire/README.md.

    AMQP_URL=amqp://user:password@host/vhost python3 completer.py QUEUE

Each message on QUEUE is {"taskToken": …, "answerTo": {"exchange": …, "routingKey": …}, "arguments": …}.
"""
import json
import os
import sys

import pika

QUEUE = sys.argv[1] if len(sys.argv) > 1 else "parcels"

# What to do about each receipt. Sending the same again never hurts, and helps only where nobody knows what became of it.
SETTLED = {"applied", "duplicate", "ignored", "kept"}
TOO_LATE = {"duplicate_conflict", "stale_attempt", "timed_out", "canceled", "activity_closed", "workflow_closed"}

waiting = {}


def say(line):
    print(json.dumps(line), flush=True)


def main():
    connection = pika.BlockingConnection(pika.URLParameters(os.environ.get("AMQP_URL", "amqp://localhost")))
    channel = connection.channel()
    channel.confirm_delivery()
    replies = channel.queue_declare("", exclusive=True).method.queue

    def complete(_, method, properties, body):
        handed = json.loads(body)
        correlation_id = str(method.delivery_tag)
        waiting[correlation_id] = method.delivery_tag
        answer = {
            "kind": "completed",
            "taskToken": handed["taskToken"],
            "result": {"parcelId": f"parcel of {handed['arguments']['number']} by python"},
        }
        channel.basic_publish(
            handed["answerTo"]["exchange"], handed["answerTo"]["routingKey"], json.dumps(answer).encode(),
            pika.BasicProperties(content_type="application/json", delivery_mode=2, reply_to=replies, correlation_id=correlation_id),
            mandatory=True)

    # A message of one's own queue is acknowledged when the receipt is there: only then is it known to be committed.
    def hear(_, method, properties, body):
        receipt = json.loads(body)
        disposition = receipt["disposition"]
        verdict = "done" if disposition in SETTLED else "too late" if disposition in TOO_LATE else "a mistake of ours"
        say({"disposition": disposition, "detail": receipt.get("detail"), "verdict": verdict})
        if properties.correlation_id in waiting:
            channel.basic_ack(waiting.pop(properties.correlation_id))

    channel.basic_consume(replies, hear, auto_ack=True)
    channel.queue_declare(QUEUE, durable=True)
    channel.basic_qos(prefetch_count=50)
    channel.basic_consume(QUEUE, complete)
    say({"ready": QUEUE})
    channel.start_consuming()


if __name__ == "__main__":
    main()
