"""Evaluation: how good is it really, and where is it wrong?"""

import streamlit as st

st.title("How good is it really?")
