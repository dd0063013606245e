"""What every package stands on: types, errors, text, files, encoders. It holds no clinic's data.

Every process imports this package before any library, and so switches off what libraries send.
"""

from core.offline import stay_offline

stay_offline()
