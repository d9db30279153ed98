"""Training of the aligned architecture: conversion of acoustic models, and heads on top of them."""
