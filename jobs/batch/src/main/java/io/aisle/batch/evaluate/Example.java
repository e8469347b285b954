package io.aisle.batch.evaluate;

import io.aisle.core.Sha256;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A product to look at. Which ones are shown depends on the hashes of their ids alone, so that the same rows give the same examples, however
 * they are spread over tasks.
 *
 * @param hash of the id
 * @param title cut
 * @param confidence the probability of what it was taken for
 */
record Example(long hash, String id, String title, float confidence) implements Serializable, Comparable<Example> {
    private static final long serialVersionUID = 1L;

    private static final Comparator<Example> ORDER =
            Comparator.comparingLong(Example::hash).thenComparing(Example::id);

    static Example of(String id, String title, float confidence) {
        byte[] digest = Sha256.digest().digest(id.getBytes(StandardCharsets.UTF_8));
        return new Example(ByteBuffer.wrap(digest).getLong(), id, KeptProducts.cut(title), confidence);
    }

    @Override
    public int compareTo(Example that) {
        return ORDER.compare(this, that);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("title", title);
        json.put("confidence", confidence);
        return json;
    }
}
