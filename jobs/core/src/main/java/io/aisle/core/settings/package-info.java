/**
 * Settings: one HOCON tree, documented key by key in {@code reference.conf}, overlaid by files, {@code --set} and named options,
 * and read into typed records. Nothing here knows what a job does.
 */
package io.aisle.core.settings;
