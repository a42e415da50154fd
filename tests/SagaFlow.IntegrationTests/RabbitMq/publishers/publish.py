"""Publishes each line of the input, {exchange, routingKey, body}, and ends when the broker has them all."""
import json
import os
import sys

import pika

connection = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"]))
channel = connection.channel()
channel.confirm_delivery()
for line in sys.stdin:
    message = json.loads(line)
    properties = pika.BasicProperties(content_type="application/json", delivery_mode=2)
    channel.basic_publish(message["exchange"], message["routingKey"], message["body"].encode(), properties, mandatory=True)
connection.close()
