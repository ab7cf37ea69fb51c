// Owns what is sold and to whom: products, prices and customers, and the lines of a checkout, whose prices are given by id
// or made on the way.

import { z } from 'zod';
import type { Books } from './books.ts';
import type { Form } from './form.ts';
import type { Customer, Price, Product, Recurring } from './objects.ts';
import { metadata, paise, read } from './read.ts';
import { StripeRefusal } from './refusal.ts';

const currency = z
  .string()
  .length(3)
  .transform((text) => text.toLowerCase());
const recurring = z.object({
  interval: z.enum(['day', 'week', 'month', 'year']),
  interval_count: z.coerce.number().int().min(1).max(36).default(1),
});
const named = z.object({ name: z.string().min(1).max(250), metadata });
const priceBody = z.object({
  currency,
  unit_amount: paise,
  product: z.string().optional(),
  product_data: named.optional(),
  recurring: recurring.optional(),
  lookup_key: z.string().max(200).optional(),
  metadata,
});
const lineBody = z.object({
  price: z.string().optional(),
  price_data: priceBody.optional(),
  quantity: z.coerce.number().int().min(1).max(1000).default(1),
});
export const lineItems = z.array(lineBody).min(1).max(100);
const customerBody = z.object({ email: z.string().optional(), name: z.string().optional(), metadata });

export interface Line {
  readonly id: string;
  readonly object: 'item';
  readonly amount_subtotal: number;
  readonly amount_total: number;
  readonly currency: string;
  readonly description: string;
  readonly price: Price;
  readonly quantity: number;
}

export type Catalogue = ReturnType<typeof createCatalogue>;

export function createCatalogue(books: Books) {
  const base = () => ({ created: books.now(), livemode: false as const });

  function product(asked: z.infer<typeof named>): Product {
    const made = { id: books.newId('prod_'), object: 'product' as const, ...base(), active: true as const, ...asked };
    return books.put('product', made);
  }

  function price(asked: z.infer<typeof priceBody>): Price {
    const { currency, unit_amount, lookup_key = null, metadata, recurring = null } = asked;
    if (asked.product === undefined && asked.product_data === undefined) {
      throw new StripeRefusal('Missing required param: product.', { param: 'product' });
    }
    const of =
      asked.product === undefined
        ? product(asked.product_data ?? { name: '', metadata: {} })
        : books.get('product', asked.product);
    const made = {
      id: books.newId('price_'),
      object: 'price' as const,
      ...base(),
      active: true as const,
      billing_scheme: 'per_unit',
      currency,
      lookup_key,
      metadata,
      product: of.id,
      recurring: recurring as Recurring | null,
      type: recurring === null ? ('one_time' as const) : ('recurring' as const),
      unit_amount,
      unit_amount_decimal: String(unit_amount),
    };
    return books.put('price', made);
  }

  function customer(asked: z.infer<typeof customerBody>): Customer {
    const { email = null, name = null, metadata } = asked;
    return books.put('customer', { id: books.newId('cus_'), object: 'customer', ...base(), email, name, metadata });
  }

  return {
    customer,
    createProduct: (form: Form): Product => product(read(named, form)),
    createPrice: (form: Form): Price => price(read(priceBody, form)),
    createCustomer: (form: Form): Customer => customer(read(customerBody, form)),
    line({ price: id, price_data, quantity }: z.infer<typeof lineBody>): Line {
      if (id === undefined && price_data === undefined) {
        throw new StripeRefusal('One of price or price_data is needed.', { param: 'line_items' });
      }
      const of = price_data === undefined ? books.get('price', id ?? '') : price(price_data);
      const amount = of.unit_amount * quantity;
      const description = books.get('product', of.product).name;
      const place = { id: books.newId('li_'), object: 'item' as const };
      return {
        ...place,
        amount_subtotal: amount,
        amount_total: amount,
        currency: of.currency,
        description,
        price: of,
        quantity,
      };
    },
  };
}
