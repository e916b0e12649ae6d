"""Dataset: what is in the data, and what is wrong with it?"""

import streamlit as st

st.title("What is in the data?")
