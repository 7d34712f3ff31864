"""The product beside what people would use instead, over the same labelled pairs."""

import os

# Before numpy is imported: a second thread that waits for work counts as processor time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
