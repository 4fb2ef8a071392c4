"""A worker of Python's celery, for tasks that the program sends: python_worker.py URL QUEUE POOL CONCURRENCY."""

import sys
import time

from celery import Celery

url, queue, pool, concurrency = sys.argv[1:]
app = Celery("python_worker", broker=url, backend=url)
app.conf.update(broker_connection_retry_on_startup=True, task_acks_late=True)


@app.task(name="python.add")
def add(*numbers):
    return sum(numbers)


@app.task(name="python.sum")
def sum_up(numbers):
    return sum(numbers)


@app.task(name="test.noop")
def noop():
    return None


@app.task(name="test.now")
def now():
    return time.time()


@app.task(name="python.flaky", bind=True, max_retries=3)
def flaky(self, times):
    if self.request.retries < times:
        raise self.retry(countdown=0.05)
    return self.request.retries


app.worker_main(["worker", "--queues", queue, "--pool", pool, "--concurrency", concurrency, "--loglevel", "warning", "--without-gossip", "--without-mingle"])
