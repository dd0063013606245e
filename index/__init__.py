"""The read side: a searchable index of passages. Knows nothing of ingest, ui or Streamlit.

Every process of the product imports this package first, and with it what keeps libraries quiet.
"""

from index.offline import stay_offline

stay_offline()
