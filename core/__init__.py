"""Types, errors, text, files and encoders for every package; no clinic's data.

Every process imports this package before any library, which switches their telemetry off.
"""

from core.offline import stay_offline

stay_offline()
