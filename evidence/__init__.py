"""Keep pre-shipment photos, compare them with a customer's, and recommend by the policy."""

import os

# The runtime of the networks that read print (onnxruntime, from 1.29 on) sends its makers a note of
# every session, and leaves an identifier in the home directory, unless this is set before it loads.
# Nothing leaves this program.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
