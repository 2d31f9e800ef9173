"""The browser's front door: navigation and theme, nothing else. Run: streamlit run app.py"""

import streamlit as st

from views import compare, frame, method, overview
from views.language import t

st.set_page_config(page_title="人地钱 rendiqian", page_icon="🏙️", layout="wide")
pages = [
    st.Page(overview.page, title=t("nav.overview"), url_path="overview", default=True),
    st.Page(compare.page, title=t("nav.compare"), url_path="compare"),
    st.Page(method.page, title=t("nav.method"), url_path="method"),
]
chosen = st.navigation(pages, position="top")
frame.head()
frame.run(chosen.run)
