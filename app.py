"""The page: the Streamlit script (run as `__main__`) and the ASGI application around it (imported).

`streamlit run app.py` looks for `app = st.App(...)` in this file and imports it; `python -m ui`
does the same with a faster listener. Either way every visit runs this file again as a script.
"""

from __future__ import annotations

import streamlit as st

if __name__ == "__main__":
    from ui.page.router import draw

    draw()
else:
    from ui.server.asgi import app_parts

    app = st.App(__file__, **app_parts())
