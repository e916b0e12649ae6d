"""Training, in processes of its own: the only room that imports Keras and TensorFlow."""

import os

os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # TensorFlow leaves oneDNN out where a processor has no AVX-512
