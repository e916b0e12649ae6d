"""FER Studio: explore FER2013, train and evaluate expression classifiers, recognise expressions live."""
