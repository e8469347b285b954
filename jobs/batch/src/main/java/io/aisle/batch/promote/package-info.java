/** Jobs promote and rollback: a person moves the champion, or a published output, to another version. */
package io.aisle.batch.promote;
