"""Demo: published log-ins and a few invented parties, every one of them marked 【演示】."""
