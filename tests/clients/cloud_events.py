"""Reads topics as a stranger would, with Confluent's client and the CloudEvents SDK, and checks that
docs/events.md holds of every message.

    cloud_events.py BROKERS DESCRIPTORS SERVICE=POSITION...

DESCRIPTORS is a FileDescriptorSet of the protos, POSITION the last event of the service's feed, as
its GetHead says. Exits with 1 and a line per finding when a topic holds anything else.
"""

import sys

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from confluent_kafka import Consumer, TopicPartition
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, unknown_fields

CITY = "hanoi"
BATCH_MESSAGES = 1000
# Of a whole topic: a message that is missing ends the wait.
READ_SECONDS = 30
BETWEEN_BATCHES_SECONDS = 1.0


class AsItIs(JSONFormat):
    """The SDK knows JSON; our data stays the bytes that it is."""

    def read_data(self, body, datacontenttype):
        return body


def load_types(path):
    pool = descriptor_pool.DescriptorPool()
    with open(path, "rb") as file:
        for proto in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
            pool.Add(proto)
    return pool


def find_wrong(message, service, position, pool):
    """What of a message is not as docs/events.md says, where `position` is due."""
    headers = dict(message.headers())
    event = from_binary(KafkaMessage(headers, message.key(), message.value()), AsItIs(), CloudEvent)
    said = event.get_attributes()
    due = {
        "id": f"{said['epoch']}-{position}",
        "source": f"urn:learncity:{CITY}:{service}",
        "sequence": f"{position:019d}",
        "subject": headers["ce_partitionkey"].decode(),
        "partitionkey": headers["ce_partitionkey"].decode(),
        "datacontenttype": "application/protobuf",
    }
    wrong = [f"{name} is {said.get(name)}, not {value}" for name, value in due.items()
             if said.get(name) != value]
    if said["time"].utcoffset() is None:
        wrong.append("time has no zone")
    if not said["type"].startswith(f"learncity.{service}.v1."):
        wrong.append(f"type {said['type']} is of another package")
    data = message_factory.GetMessageClass(pool.FindMessageTypeByName(said["type"]))()
    data.ParseFromString(event.get_data())
    if not data.WhichOneof("event"):
        wrong.append("the value says nothing that happened")
    if len(unknown_fields.UnknownFieldSet(data)) > 0:
        wrong.append("the value has fields that its proto does not")
    return wrong


def read_topic(brokers, service, position, pool):
    """Findings about a topic that is to end at a position."""
    topic = f"learncity.{CITY}.{service}.v1"
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "not-used",
                         "enable.auto.commit": False, "check.crcs": True})
    partitions = list(consumer.list_topics(topic, timeout=READ_SECONDS).topics[topic].partitions)
    if partitions != [0]:
        return [f"{topic} has partitions {partitions}"]
    consumer.assign([TopicPartition(topic, 0, 0)])
    read = 0
    wrong = []
    batches = 0
    while read < position and batches < READ_SECONDS / BETWEEN_BATCHES_SECONDS:
        messages = consumer.consume(BATCH_MESSAGES, BETWEEN_BATCHES_SECONDS)
        batches = 0 if messages else batches + 1
        for message in messages:
            if message.error():
                return [f"{topic}: {message.error()}"]
            read += 1
            wrong += [f"{topic}, offset {message.offset()}: {what}"
                      for what in find_wrong(message, service, read, pool)]
    end = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=READ_SECONDS)[1]
    consumer.close()
    if not read == position == end:
        wrong.append(f"{topic}: {read} messages read of {end}, where the feed has {position} events")
    print(f"{topic}: {read} events")
    return wrong


def main(brokers, descriptors, *heads):
    pool = load_types(descriptors)
    wrong = []
    for head in heads:
        service, position = head.split("=")
        wrong += read_topic(brokers, service, int(position), pool)
    for line in wrong[:20]:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
