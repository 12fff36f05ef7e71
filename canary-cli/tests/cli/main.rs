//! The command line as its users meet it: arguments in; exit code, standard output and standard error out.

mod bad_inputs;
mod commands;
mod config;
mod demo;
mod exit_codes;
mod explain;
mod harness;
mod kayenta;
mod layouts;
mod options;
mod outputs;
mod past;
mod readme;
mod replay;
mod report;
mod schemas;
mod silence;
mod suite;
mod terminal;
mod throughput;
