"""HTTP: the application, its routes, who may ask, what a body must look like, and how errors are answered."""
