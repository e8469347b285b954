package io.aisle.batch.dataset;

import java.util.Iterator;
import java.util.function.Function;

/** What a task does with the rows of its partition, one after the other. */
public final class Iterators {
    private Iterators() {}

    /** What the function makes of each element, when it is asked for. */
    public static <A, B> Iterator<B> map(Iterator<A> elements, Function<? super A, ? extends B> function) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return elements.hasNext();
            }

            @Override
            public B next() {
                return function.apply(elements.next());
            }
        };
    }
}
