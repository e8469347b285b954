/** What every request has in common: reading it strictly, answering it, problems, the log of requests. Knows no model. */
package io.aisle.serving.http;
