/**
 * Job doctor: looks at a machine or a cluster before a job. Facts are gathered on the driver and on every executor ({@code JvmFacts},
 * {@code ExecutorSurvey}); each check judges them, and what it judges by is a function of the facts alone. Nothing here changes anything.
 */
package io.aisle.batch.doctor;
