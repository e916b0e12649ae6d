"""Overview: what is here, and can I trust it?"""

import streamlit as st

st.title("What is here, and can I trust it?")
