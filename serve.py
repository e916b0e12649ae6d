"""FER Studio for others: app.py, with a guard before its uploads. Run it with ``streamlit run serve.py``."""

import streamlit as st
from starlette.middleware import Middleware

from fer_core.ui.upload_guard import UploadGuard

app = st.App("app.py", middleware=[Middleware(UploadGuard)])
