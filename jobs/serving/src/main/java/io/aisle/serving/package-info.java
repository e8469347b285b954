/** The HTTP service: its settings, its mains' commands, and the server that puts the parts together. No Spark, no Hadoop. */
package io.aisle.serving;
