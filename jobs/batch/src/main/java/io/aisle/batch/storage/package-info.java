/** Where jobs read and write: directories by Hadoop URI, run directories, and the pointer that names the published run. */
package io.aisle.batch.storage;
