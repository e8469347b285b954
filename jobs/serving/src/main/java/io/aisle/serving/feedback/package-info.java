/** What people are shown for review, and what they say of it, stored durably. */
package io.aisle.serving.feedback;
