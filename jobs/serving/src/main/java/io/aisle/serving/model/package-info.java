/** The model that answers: loading it, following the champion, gathering requests into batches, remembering answers, explaining them. */
package io.aisle.serving.model;
